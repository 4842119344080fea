"""What: service items, guides, materials, situations and limits, published from item packs; search."""

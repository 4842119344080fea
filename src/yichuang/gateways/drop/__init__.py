"""The drop folder (文件交换): organs without an interface leave files of rows, signed, and find out what became of them."""

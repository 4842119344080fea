"""Looking back and ahead: indicators, forecasts, simulation; changes nothing."""

"""Early signs of disputes of many 舆情提示: kept, told on a page, fit to leave the county or not."""

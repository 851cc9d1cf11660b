"""What goes out with figures: the monthly report 月度分析 and the statistical returns."""

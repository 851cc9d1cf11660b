"""Complaints 投诉 and what visitors say 满意度 (Order 149, rules 4.8)."""

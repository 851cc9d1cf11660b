"""The year: how each station did (年度考核, rules 5).

Where what is:

- `terms`: dimensions, modes, grades, statuses of a year and of a sheet, kinds of clauses and flags.
- `rules`: pure: rules as data (`parse_rule`) and the points of one line over facts (`score`).
- `scoring`: pure: the total, the grade, ranks and the cap (`ranks`, `over_cap`), the draw of the spot
  check (`drawn`), `fingerprint` (sha256).
- `facts`: what can be counted of a station's year, by name (`FACTS`); `measures`: `measure(rule,
  facts)` → `Measure` (points, words, parts with the rows they stand on); `wording`: sums in words.
- `models`: `standard` (Standard, Indicator, Clause) · `years` (Year, YearEvent) · `sheets` (Sheet,
  Score, ScoreChange, SheetEvent) · `rulings` (Adjustment, SpotCheck, Objection, IntegrityFlag,
  Rectification).
- `records`: what of a station's year comes from the stations' own records.
- `standard`: `adopt_default`, `copy`, `put_to_use`, `in_force`, `preview`.
- `proofs`: `proof(sheet, fact)` → `Proof`: the rows behind a part of a score, each with its page.
- `suggestions`: pure: bonuses and deductions that the facts of a sheet point at.
- `running`: `make_sheets(year)`, `recompute(year, on)`, `add_up(year, sheets)`.
- `integrity`: `find_flags(year, on)`.
- `workflow`: the moves of a year and its sheets.
"""

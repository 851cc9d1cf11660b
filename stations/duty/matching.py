"""The matching of least cost between rows and columns of a table of whole numbers. Pure."""


def least_cost(costs):
    """Return for each row of a matrix its column in the matching of least cost (Kuhn and Munkres).

    No more rows than columns; whole numbers, so that the answer is the same everywhere.
    """
    rows, columns = len(costs), len(costs[0]) if costs else 0
    row_price, column_price = [0] * (rows + 1), [0] * (columns + 1)
    row_of, way = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        row_of[0] = row
        column = 0
        least = [float("inf")] * (columns + 1)
        is_used = [False] * (columns + 1)
        while row_of[column]:
            is_used[column] = True
            here, step, after = row_of[column], float("inf"), 0
            line, price = costs[here - 1], row_price[here]
            for other in range(1, columns + 1):
                if is_used[other]:
                    continue
                rest = line[other - 1] - price - column_price[other]
                if rest < least[other]:
                    least[other], way[other] = rest, column
                if least[other] < step:
                    step, after = least[other], other
            for other in range(columns + 1):
                if is_used[other]:
                    row_price[row_of[other]] += step
                    column_price[other] -= step
                else:
                    least[other] -= step
            column = after
        while column:
            row_of[column] = row_of[way[column]]
            column = way[column]
    found = [0] * rows
    for column in range(1, columns + 1):
        if row_of[column]:
            found[row_of[column] - 1] = column - 1
    return found

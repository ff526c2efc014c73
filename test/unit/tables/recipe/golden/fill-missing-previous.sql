-- Fill what is missing in city, amount with the value above.
CREATE TEMP TABLE "stage_2" AS
SELECT
  t."id",
  t."name",
  last_value(t."city" IGNORE NULLS) OVER (ORDER BY t.rowid ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "city",
  t."joined",
  last_value(t."amount" IGNORE NULLS) OVER (ORDER BY t.rowid ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "amount",
  t."score",
  t."active",
  t."tags",
  t."when",
  t."row_number",
  CASE WHEN CAST(t."city" AS VARCHAR) IS DISTINCT FROM CAST(last_value(t."city" IGNORE NULLS) OVER (ORDER BY t.rowid ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS VARCHAR) THEN 1 ELSE 0 END + CASE WHEN CAST(t."amount" AS VARCHAR) IS DISTINCT FROM CAST(last_value(t."amount" IGNORE NULLS) OVER (ORDER BY t.rowid ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS VARCHAR) THEN 1 ELSE 0 END AS "changed_2"
FROM "stage_1" AS t
ORDER BY t.rowid

-- 8 rows in, 8 out, 2 cells changed
-- row 3, city: null -> Paris
-- row 3, amount: null -> 20.00
-- id (integer) | name (text) | city (text) | joined (date) | amount (decimal) | score (integer) | active (boolean) | tags (text) | when (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 1 | true | a;b;c | 05.01.2024
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2 | false | a;b | 10.02.2024
-- 3 | bob | Paris | 2024-03-15 | 20.00 | 3 | true | ∅ | 15.03.2024
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | false | x | 20.04.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | true | a;b;c;d | 25.05.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | true | a;b;c;d | 25.05.2024
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2 | false | ∅ | 30.06.2024
-- 7 | ∅ | Paris | ∅ | 15.00 | 4 | true | b | 31.02.2024

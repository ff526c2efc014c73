-- Draw 50 % of the rows by lot.
CREATE TEMP TABLE "stage_1" AS
SELECT
  t."id",
  t."name",
  t."city",
  t."joined",
  t."amount",
  t."score",
  t."active",
  t."tags",
  t."when",
  t."row_number"
FROM "sample" AS t
WHERE t.rowid IN (SELECT s.rowid FROM "sample" AS s ORDER BY md5(concat('1:', s.rowid)), s.rowid LIMIT (SELECT CAST(round(count(*) * 5e-1) AS BIGINT) FROM "sample"))
ORDER BY t.rowid

-- 8 rows in, 4 out, 0 cells changed
-- without rows 2, 3, 5, 6
-- id (text) | name (text) | city (text) | joined (text) | amount (text) | score (text) | active (text) | tags (text) | when (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 1 | yes | a;b;c | 05.01.2024
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | no | x | 20.04.2024
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2 | no | ∅ | 30.06.2024
-- 7 | ∅ | Paris | ∅ | 15.00 | 4 | yes | b | 31.02.2024

-- Keep rows where name matches (?i)^\s*[ab] and city is there.
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
WHERE (regexp_matches(t."name", '(?i)^\s*[ab]')) AND ((t."city" IS NULL) IS NOT TRUE)

-- 8 rows in, 2 out, 0 cells changed
-- without rows 3, 4, 5, 6, 7
-- id (text) | name (text) | city (text) | joined (text) | amount (text) | score (text) | active (text) | tags (text) | when (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 1 | yes | a;b;c | 05.01.2024
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2 | no | a;b | 10.02.2024

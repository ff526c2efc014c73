-- Put the rows of cities below.
CREATE TEMP TABLE "stage_2" AS
SELECT
  t."id",
  t."city",
  CAST(NULL AS VARCHAR) AS "country",
  t."row_number"
FROM "stage_1" AS t
UNION ALL
SELECT
  o."id",
  o."city",
  o."country",
  NULL
FROM "input_file" AS o

-- 8 rows in, 12 out, 0 cells changed
-- country is only in cities: it is missing in the rows above.
-- id (text) | city (text) | country (text)
-- 1 | Berlin | ∅
-- 2 | Paris | ∅
-- 3 | ∅ | ∅
-- 4 | Berlin | ∅
-- 5 | Rome | ∅
-- 5 | Rome | ∅
-- 6 | Berlin | ∅
-- 7 | Paris | ∅
-- 1 | Berlin | Germany
-- 2 | Paris | France
-- 3 | Paris | Texas
-- 4 | Oslo | Norway

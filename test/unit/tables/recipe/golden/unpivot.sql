-- Make rows of amount, score.
CREATE TEMP TABLE "stage_3" AS
SELECT
  t."id",
  t."city",
  unnest(['amount', 'score']) AS "what",
  unnest([t."amount", t."score"]) AS "how much",
  t."row_number"
FROM "stage_2" AS t

-- 8 rows in, 16 out, ? cells changed
-- id (integer) | city (text) | what (text) | how much (decimal)
-- 1 | Berlin | amount | 10.50
-- 1 | Berlin | score | 1.00
-- 2 | Paris | amount | 20.00
-- 2 | Paris | score | 2.00
-- 3 | ∅ | amount | ∅
-- 3 | ∅ | score | 3.00
-- 4 | Berlin | amount | 40.25
-- 4 | Berlin | score | ∅
-- 5 | Rome | amount | 1000.00
-- 5 | Rome | score | 5.00
-- 5 | Rome | amount | 1000.00
-- 5 | Rome | score | 5.00
-- 6 | Berlin | amount | 30.75
-- 6 | Berlin | score | 2.00
-- 7 | Paris | amount | 15.00
-- 7 | Paris | score | 4.00

-- Keep rows where (amount is between 15 and 30.75 and active is false) or joined is at least 2024-05-01 or (not city is one of Berlin, Paris, Rome).
CREATE TEMP TABLE "stage_2" AS
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
FROM "stage_1" AS t
WHERE (((t."amount" >= 15) AND (t."amount" <= 30.75)) AND (t."active" = false)) OR (t."joined" >= DATE '2024-05-01') OR (((t."city" = 'Berlin') OR (t."city" = 'Paris') OR (t."city" = 'Rome')) IS NOT TRUE)

-- 8 rows in, 5 out, 0 cells changed
-- without rows 1, 4, 8
-- id (integer) | name (text) | city (text) | joined (date) | amount (decimal) | score (integer) | active (boolean) | tags (text) | when (text)
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2 | false | a;b | 10.02.2024
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | true | ∅ | 15.03.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | true | a;b;c;d | 25.05.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | true | a;b;c;d | 25.05.2024
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2 | false | ∅ | 30.06.2024

-- Run SQL over the rows.
-- in a process of its own
WITH big AS (SELECT * FROM "data" WHERE (amount > 12))SELECT city, count_star() AS n, sum(score) AS total FROM big GROUP BY ALL ORDER BY city;

CREATE TEMP TABLE "stage_2" AS
SELECT
  t."city",
  t."n",
  t."total"
FROM "r_2" AS t

-- 8 rows in, 3 out, ? cells changed
-- city (text) | n (integer) | total (integer)
-- Berlin | 2 | 2
-- Paris | 2 | 6
-- Rome | 2 | 10

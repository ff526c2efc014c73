-- Group by city and measure n, with amount, kinds, total, mean and 6 more.
CREATE TEMP TABLE "stage_2" AS
SELECT
  t."city",
  count(*) AS "n",
  count(t."amount") AS "with amount",
  count(DISTINCT t."active") AS "kinds",
  CAST(sum(t."score" ORDER BY t.rowid) AS DECIMAL(38, 0)) AS "total",
  avg(t."amount" ORDER BY t.rowid) AS "mean",
  quantile_cont(CAST(t."amount" AS DOUBLE), 0.5) AS "median",
  min(t."joined") AS "first day",
  max(t."name") AS "last name",
  stddev_samp(CAST(t."amount" AS DOUBLE) ORDER BY t.rowid) AS "deviation",
  first(t."name" ORDER BY t.rowid) FILTER (WHERE t."name" IS NOT NULL) AS "first",
  last(t."name" ORDER BY t.rowid) FILTER (WHERE t."name" IS NOT NULL) AS "last"
FROM "stage_1" AS t
GROUP BY t."city"
ORDER BY t."city" ASC NULLS LAST

-- 8 rows in, 4 out, ? cells changed
-- city (text) | n (integer) | with amount (integer) | kinds (integer) | total (integer) | mean (decimal) | median (decimal) | first day (date) | last name (text) | deviation (decimal) | first (text) | last (text)
-- Berlin | 3 | 3 | 2 | 3 | 27.166666666666668 | 30.75 | 2024-01-05 | Eva | 15.195256935416833 |  Anna  | Eva
-- Paris | 2 | 2 | 2 | 6 | 17.5 | 17.5 | 2024-02-10 | Bob | 3.5355339059327378 | Bob | Bob
-- Rome | 2 | 2 | 1 | 10 | 1000.0 | 1000.0 | 2024-05-25 | Dirk | 0.0 | Dirk | Dirk
-- ∅ | 1 | 0 | 1 | 3 | ∅ | ∅ | 2024-03-15 | bob | ∅ | bob | bob

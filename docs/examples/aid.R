#!/usr/bin/Rscript
# The figures of aid as a data frame, and the sum that the server vouches for.
# usage: aid.R [http://HOST:PORT]
library(jsonlite)

arguments <- commandArgs(trailingOnly = TRUE)
server <- if (length(arguments) > 0) arguments[1] else "http://localhost:8080"
options(scipen = 20, width = 120)

# R sees an empty field as NA: what no report says is unknown, and never 0.
aid <- read.csv(
  paste0(server, "/v1/aid.csv?fields=id,kind,qualifier,amount,currency,date_max"),
  na.strings = "", encoding = "UTF-8"
)
aid$date_max <- as.Date(aid$date_max)
print(aid[order(aid$kind, aid$amount), ], row.names = FALSE)

# Adding up the column would count the same dollars several times; packages alone have a sum.
totals <- fromJSON(paste0(server, "/v1/aid/totals?kind=package"))$totals
cat(sprintf("packages: %.0f %s in %d figures\n", totals$amount, totals$currency, totals$count), sep = "")

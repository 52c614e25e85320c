# What R's farringtonFlexible expects of the same weeks; made once, by
#
#   python benchmarks/farrington.py series.csv
#   Rscript benchmarks/surveillance/farrington.R series.csv benchmarks/surveillance
#
# series.csv has a simulated series a row: setting, size, number, and its weeks, of which the last
# four are judged. Written are simulated.csv (of each judged week the mean and the spread, variance
# by mean), published.csv (weekly series of the package, the mean, the spread and the bound of each
# week with four years before it) and versions.txt.

suppressMessages(library(surveillance))

given <- commandArgs(trailingOnly = TRUE)
ALPHA <- 0.005

judged <- function(counts, range) {
  # As Noufaily and others (2013) advise: 10 levels of the season, the last 26 weeks left out, a
  # trend always, past outbreaks weighed less, the quantile of a negative binomial distribution.
  # How many incidents a signal needs is asked of both methods alike, not here.
  control <- list(
    range = range, b = 4, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, reweight = TRUE,
    weightsThreshold = 2.58, trend = TRUE, pThresholdTrend = 1, populationOffset = FALSE,
    thresholdMethod = "nbPlugin", alpha = ALPHA, limit54 = c(0, 4), glmWarnings = FALSE
  )
  series <- sts(observed = counts, start = c(2001, 1), frequency = 52)
  found <- suppressWarnings(farringtonFlexible(series, control))
  data.frame(
    mean = as.vector(found@control$mu0Vector), spread = as.vector(found@control$phiVector),
    bound = as.vector(upperbound(found))
  )
}

series <- read.csv(given[1], check.names = FALSE)
weeks <- ncol(series) - 3
rows <- lapply(seq_len(nrow(series)), function(n) {
  found <- judged(unlist(series[n, -(1:3)]), (weeks - 3):weeks)
  c(signif(found$mean, 5), signif(found$spread, 5))
})
found <- as.data.frame(do.call(rbind, rows))
names(found) <- c(paste0("mean_", 1:4), paste0("spread_", 1:4))
write.csv(cbind(series[1:3], found), file.path(given[2], "simulated.csv"),
  row.names = FALSE, quote = 1)

whole <- function(name) {
  data(list = name, package = "surveillance", envir = environment())
  held <- get(name)
  if (inherits(held, "disProg")) held <- disProg2sts(held)
  rowSums(observed(held))
}
published <- do.call(rbind, lapply(
  c("salmonella.agona", "shadar", "salmNewport", "ha.sts", "salmHospitalized"),
  function(name) {
    counts <- whole(name)
    first <- 4 * 52 + 4
    found <- judged(counts, first:length(counts))
    none <- rep(NA, first - 1)
    data.frame(
      series = name, week = seq_along(counts), count = counts,
      mean = c(none, signif(found$mean, 5)), spread = c(none, signif(found$spread, 5)),
      bound = c(none, found$bound)
    )
  }
))
write.csv(published, file.path(given[2], "published.csv"), row.names = FALSE, quote = FALSE, na = "")
writeLines(
  c(R.version.string, paste("surveillance", packageVersion("surveillance"))),
  file.path(given[2], "versions.txt")
)

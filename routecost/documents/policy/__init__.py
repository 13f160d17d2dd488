"""Policy files: policies learned from outcomes, as code runs them and as scenarios price them."""

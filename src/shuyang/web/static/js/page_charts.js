// Draws the charts of a page that has no other script of its own.
import { drawCharts } from "./charts.js";

drawCharts(document);

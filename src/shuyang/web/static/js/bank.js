// The preview of an item: draws its charts.
import { drawCharts } from "./charts.js";

drawCharts(document);

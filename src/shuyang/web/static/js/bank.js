// The preview of an item: draws its charts, says which table is wider than its place.
import { drawCharts } from "./charts.js";
import { tellWideTables } from "./item_widgets.js";

drawCharts(document);
tellWideTables(document);

// Draws the countries of the world, as paths of a drawing, from world-atlas (Natural Earth). The map is a Miller cylindrical projection.
const world = { width: 900, west: -170, north: 84, south: -56 };
const antarctica = "010";

const miller = (degrees) => 1.25 * Math.log(Math.tan(Math.PI / 4 + (0.4 * degrees * Math.PI) / 180));
const down = (latitude) => ((miller(world.north) - miller(latitude)) * world.width) / (2 * Math.PI);
const across = (longitude) => ((longitude - world.west) * world.width) / 360;

// The numbers of ISO 3166-1 as letters. Kosovo has no number there.
const codeOf = ({ id, properties }) => (id ? new Intl.Locale(`und-${id}`).region : properties.name === "Kosovo" ? "XK" : "");

// Borders as degrees. The file holds the steps from point to point.
const degreesOf = (steps, { scale, translate }) => {
  let [x, y] = [0, 0];
  return steps.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
};

// A ring over the date line continues east of it, and one that lies west of the map is drawn in the east.
const unbroken = (ring) => {
  let turn = 0;
  const points = ring.map(([x, y], at) => {
    if (at > 0 && Math.abs(x - ring[at - 1][0]) > 180) turn += x < ring[at - 1][0] ? 360 : -360;
    return [x + turn, y];
  });
  const middle = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  return middle < world.west ? points.map(([x, y]) => [x + 360, y]) : points;
};

const pathOf = (ring) => {
  let [x, y] = [across(ring[0][0]), down(ring[0][1])].map(Math.round);
  const start = `M${x} ${y}l`;
  const steps = [];
  for (const point of ring.slice(1)) {
    const [nextX, nextY] = [across(point[0]), down(point[1])].map(Math.round);
    if (nextX === x && nextY === y) continue;
    steps.push(`${nextX - x} ${nextY - y}`);
    [x, y] = [nextX, nextY];
  }
  // A point or a line is no area.
  return steps.length > 1 ? `${start}${steps.join(" ").replaceAll(" -", "-")}z` : "";
};

export const drawWorld = ({ arcs, transform, objects }) => {
  const borders = arcs.map((steps) => degreesOf(steps, transform));
  const ringOf = (indices) => indices.flatMap((index, at) => (index < 0 ? borders[~index].toReversed() : borders[index]).slice(at ? 1 : 0));
  const shapes = objects.countries.geometries
    .filter(({ id }) => id !== antarctica)
    .map((shape) => ({ code: codeOf(shape), path: (shape.type === "Polygon" ? shape.arcs : shape.arcs.flat()).map((ring) => pathOf(unbroken(ringOf(ring)))).join("") }))
    .filter(({ path }) => path);
  if (shapes.length < 150 || !shapes.some(({ code }) => code === "FR")) throw new Error("The map of the world came out short.");
  return { width: world.width, height: Math.round(down(world.south)), shapes };
};

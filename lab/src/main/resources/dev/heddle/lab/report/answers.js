// What the page of answers draws: for each experiment the picture that it asks for.

drawAll(place => {
  const picture = data.pictures[place.dataset.picture];
  return picture.kind === 'curves'
    ? curves(place, picture.lines, picture.unit, picture.across)
    : strip(place, picture.columns, picture.unit, 'Each point is one measurement.',
      (i, n) => `${picture.columns[i].label}, measurement ${n + 1}`);
});

namespace MnistLab.Data.Images;

/// <summary>
/// Represents ruled lines: thin straight lines that cross an image from edge to edge, even if slightly rotated.
/// </summary>
/// <param name="Pixels">Whether each pixel belongs to a ruled line, and not to a stroke that crosses it.</param>
/// <param name="Count">The number of ruled lines.</param>
internal sealed record Rules(bool[] Pixels, int Count)
{
    private const double MaxSlope = 0.12;
    private const double CoveredShare = 0.85;
    private const double MaxThickness = 0.06;

    /// <summary>Finds the ruled lines; returns null if there are none.</summary>
    /// <param name="contrasts">The contrast of each pixel, row after row.</param>
    /// <param name="width">The number of pixels per row.</param>
    /// <param name="threshold">The minimum contrast of ink.</param>
    public static Rules? Find(byte[] contrasts, int width, int threshold)
    {
        var height = contrasts.Length / width;
        var ink = Array.ConvertAll(contrasts, contrast => contrast >= threshold);
        var (pixels, upright) = (new bool[ink.Length], new bool[ink.Length]);
        var level = new Direction(ink, width, height, 1, width).Mark(pixels);
        var count = level + new Direction(ink, height, width, width, 1).Mark(upright);
        // A single vertical line may be a 1.
        if (level == 0 && count < 2) return null;
        if (count > 1)
        {
            for (var i = 0; i < pixels.Length; i++) pixels[i] |= upright[i];
        }

        return new Rules(pixels, count);
    }

    /// <summary>Finds the ruled lines along one axis: columns are counted along it, rows across it.</summary>
    private sealed class Direction
    {
        private readonly bool[] _ink;
        private readonly int _columns;
        private readonly int _rows;
        private readonly int _columnStep;
        private readonly int _rowStep;
        private readonly int _maxThickness;
        private readonly int[] _lengths;

        // The first row and the end of the vertical run of ink around each pixel. They are precomputed, because
        // otherwise the time to find them would be proportional to the thickness of other ink.
        private readonly short[] _first;
        private readonly short[] _end;

        public Direction(bool[] ink, int columns, int rows, int columnStep, int rowStep)
        {
            (_ink, _columns, _rows, _columnStep, _rowStep) = (ink, columns, rows, columnStep, rowStep);
            _maxThickness = (int)Math.Ceiling(MaxThickness * Math.Min(columns, rows)) + 1;
            (_lengths, _first, _end) = (new int[columns], new short[ink.Length], new short[ink.Length]);
            for (var column = 0; column < columns; column++)
            {
                for (var row = 0; row < rows; row++)
                {
                    var pixel = At(column, row);
                    var goesOn = ink[pixel] && row > 0 && ink[pixel - rowStep];
                    _first[pixel] = (short)(goesOn ? _first[pixel - rowStep] : row);
                }

                for (var row = rows - 1; row >= 0; row--)
                {
                    var pixel = At(column, row);
                    var goesOn = ink[pixel] && row < rows - 1 && ink[pixel + rowStep];
                    _end[pixel] = (short)(goesOn ? _end[pixel + rowStep] : row + 1);
                }
            }
        }

        /// <summary>Marks the pixels of ruled lines, and returns their number.</summary>
        public int Mark(bool[] pixels)
        {
            var (count, drift) = (0, (int)(MaxSlope * _columns));
            for (var start = 0; start < _rows; start++)
            {
                var pixel = At(0, start);
                if (!_ink[pixel] || pixels[pixel] || _end[pixel] - _first[pixel] > 2 * _maxThickness) continue;
                for (var end = Math.Max(0, start - drift); end <= Math.Min(_rows - 1, start + drift); end++)
                {
                    if (!_ink[At(_columns - 1, end)] || !IsRule(start, end, out var thickness)) continue;
                    if (Mark(pixels, start, end, thickness)) count++;
                }
            }

            return count;
        }

        private int At(int column, int row) => (column * _columnStep) + (row * _rowStep);

        /// <summary>
        /// Returns the index of a pixel on the line from the first column to the last, in the nearest row.
        /// </summary>
        private int At(int start, int end, int column)
        {
            var length = Math.Max(1, _columns - 1);
            return At(column, ((2 * ((start * (length - column)) + (end * column))) + length) / (2 * length));
        }

        private bool IsRule(int start, int end, out int thickness)
        {
            var missing = (int)((1 - CoveredShare) * _columns);
            thickness = 0;
            for (var column = 0; column < _columns; column++)
            {
                var pixel = At(start, end, column);
                if (!_ink[pixel] && --missing < 0) return false;
                _lengths[column] = _ink[pixel] ? _end[pixel] - _first[pixel] : 0;
            }

            Array.Sort(_lengths);
            thickness = _lengths[_columns / 2];
            return thickness <= _maxThickness;
        }

        private bool Mark(bool[] pixels, int start, int end, int thickness)
        {
            var isNew = false;
            for (var column = 0; column < _columns; column++)
            {
                var pixel = At(start, end, column);
                // Thicker ink is a stroke that crosses the line.
                if (!_ink[pixel] || _end[pixel] - _first[pixel] > thickness + 1 + (thickness / 2)) continue;
                isNew |= !pixels[pixel];
                for (int row = _first[pixel]; row < _end[pixel]; row++) pixels[At(column, row)] = true;
            }

            return isNew;
        }
    }
}

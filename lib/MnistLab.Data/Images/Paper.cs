namespace MnistLab.Data;

/// <summary>The colour of the paper, as the border of a picture shows it; where the light is uneven it changes evenly across the picture.</summary>
internal readonly struct Paper
{
    private const double UnevenFrom = 4;
    private const int FarFromMedian = 60;

    private readonly (double Base, double X, double Y) _red;
    private readonly (double Base, double X, double Y) _green;
    private readonly (double Base, double X, double Y) _blue;

    private Paper((double, double, double) red, (double, double, double) green, (double, double, double) blue) => (_red, _green, _blue) = (red, green, blue);

    public static Paper Of(ColourPicture picture) => new(PlaneOf(picture, 0), PlaneOf(picture, 1), PlaneOf(picture, 2));

    /// <summary>How far a pixel is from the paper, in each colour.</summary>
    public (float Red, float Green, float Blue) Difference(ColourPicture picture, int pixel)
    {
        var (x, y) = (pixel % picture.Width, pixel / picture.Width);
        var rgb = picture.Rgb.AsSpan(3 * pixel, 3);
        return ((float)(rgb[0] - At(_red, x, y)), (float)(rgb[1] - At(_green, x, y)), (float)(rgb[2] - At(_blue, x, y)));
    }

    private static double At((double Base, double X, double Y) plane, int x, int y) => plane.Base + (plane.X * x) + (plane.Y * y);

    /// <summary>Fits a plane to the border, without the strokes that cross it; a constant where the border is even.</summary>
    private static (double, double, double) PlaneOf(ColourPicture picture, int channel)
    {
        var border = picture.Border().Select(pixel => (X: pixel % picture.Width, Y: pixel / picture.Width, Value: (double)picture.Rgb[(3 * pixel) + channel])).ToArray();
        var values = Array.ConvertAll(border, point => point.Value);
        Array.Sort(values);
        var median = values[values.Length / 2];
        var paper = Array.FindAll(border, point => Math.Abs(point.Value - median) < FarFromMedian);
        var deviation = paper.Average(point => Math.Abs(point.Value - median));
        if (deviation < UnevenFrom || picture.Width < 3 || picture.Height < 3) return (median, 0, 0);

        // Around the centre of mass the normal equations need no third row.
        var (centreX, centreY, centre) = (paper.Average(point => point.X), paper.Average(point => point.Y), paper.Average(point => point.Value));
        double xx = 0, xy = 0, yy = 0, xv = 0, yv = 0;
        foreach (var (x, y, value) in paper)
        {
            var (dx, dy, dv) = (x - centreX, y - centreY, value - centre);
            (xx, xy, yy, xv, yv) = (xx + (dx * dx), xy + (dx * dy), yy + (dy * dy), xv + (dx * dv), yv + (dy * dv));
        }

        var determinant = (xx * yy) - (xy * xy);
        if (determinant <= 1e-6 * xx * yy) return (median, 0, 0);
        var (slopeX, slopeY) = (((xv * yy) - (yv * xy)) / determinant, ((yv * xx) - (xv * xy)) / determinant);
        return (centre - (slopeX * centreX) - (slopeY * centreY), slopeX, slopeY);
    }
}

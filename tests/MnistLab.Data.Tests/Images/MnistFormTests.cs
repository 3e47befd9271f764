using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Data.Sources;
using MnistLab.Data.Workspaces;

namespace MnistLab.Data.Tests;

public sealed class MnistFormTests
{
    private static readonly MnistDataset Sample = MnistDataset.Load(Workspace.Find().SampleFolder);

    [Fact]
    public void Matches_EveryDigitOfTheSample()
    {
        AssertEveryDigitMatches(Sample.Train);
        AssertEveryDigitMatches(Sample.Test);
    }

    [Fact]
    public void Matches_EveryDigitOfMnist()
    {
        var folder = Environment.GetEnvironmentVariable(DatasetSource.Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{DatasetSource.Variable} is not set.");
        var mnist = MnistDataset.Load(folder!);
        AssertEveryDigitMatches(mnist.Train);
        AssertEveryDigitMatches(mnist.Test);
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(-4, 0)]
    [InlineData(0, 4)]
    [InlineData(0, -4)]
    [InlineData(3, 3)]
    public void Matches_NoDigitThatIsOffCenter(int right, int down)
    {
        for (var i = 0; i < 100; i++) Assert.False(MnistForm.Matches(Shift(Sample.Test.Image(i), right, down)));
    }

    [Fact]
    public void Matches_NoDigitThatIsDarkOnLight()
    {
        for (var i = 0; i < 100; i++)
        {
            var inverse = Array.ConvertAll(Sample.Test.Image(i).ToArray(), value => (byte)(255 - value));
            Assert.False(MnistForm.Matches(inverse));
        }
    }

    [Fact]
    public void Decode_ADigitThatIsOffCenter_CentersIt()
    {
        for (var i = 0; i < 50; i++)
        {
            var decoded = DigitImage.Decode(DigitImage.FromPixels(Shift(Sample.Test.Image(i), 3, -3)).ToPng());

            Assert.True(MnistForm.Matches(decoded.Pixels.Span), $"Digit {i} was not centered.");
        }
    }

    private static void AssertEveryDigitMatches(ImageDataset set)
    {
        for (var i = 0; i < set.Count; i++) Assert.True(MnistForm.Matches(set.Image(i)), $"Digit {i} does not match.");
    }

    private static byte[] Shift(ReadOnlySpan<byte> pixels, int right, int down)
    {
        var shifted = new byte[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = ((i % DigitImage.Side) + right, (i / DigitImage.Side) + down);
            var isInside = x is >= 0 and < DigitImage.Side && y is >= 0 and < DigitImage.Side;
            if (isInside) shifted[(y * DigitImage.Side) + x] = pixels[i];
        }

        return shifted;
    }
}

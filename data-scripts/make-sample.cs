#:project ../lib/MnistLab.Data

// Generates the bundled sample: 5,000 real handwritten digits in MNIST's format, from OpenCV's image digits.png.
//   dotnet run data-scripts/make-sample.cs -- /usr/share/doc/opencv-doc/examples/data/digits.png data-scripts/sample
// The image is in the Debian package opencv-doc. The same image always yields the same sample.

using System.Security.Cryptography;
using MnistLab.Data.Datasets;
using MnistLab.Data.Idx;
using MnistLab.Data.Images;
using SkiaSharp;

const int Rows = 50;
const int Columns = 100;
const int Tile = 20;
const int TestOfEachDigit = 100;
const int Seed = 20260401;

if (args is not [var source, var folder])
{
    Console.Error.WriteLine("Usage: dotnet run data-scripts/make-sample.cs -- <digits.png> <folder>");
    return 2;
}

using var picture = SKBitmap.Decode(source);
if (picture is null || picture.Width != Columns * Tile || picture.Height != Rows * Tile)
{
    Console.Error.WriteLine($"{source} is not OpenCV's digits.png, an image of {Columns * Tile} × {Rows * Tile} pixels, {Rows} rows of {Columns} digits.");
    return 1;
}

// The digits are ordered by class, 500 each. For each class, 100 random digits go to the test set; then both sets are
// shuffled.
var random = new Random(Seed);
var (train, test) = (new List<int>(), new List<int>());
foreach (var digit in Enumerable.Range(0, Rows * Columns).Chunk(Rows * Columns / ImageDataset.ClassCount))
{
    random.Shuffle(digit);
    test.AddRange(digit[..TestOfEachDigit]);
    train.AddRange(digit[TestOfEachDigit..]);
}

Directory.CreateDirectory(folder);
Write(Shuffled(train), MnistFiles.TrainImages, MnistFiles.TrainLabels);
Write(Shuffled(test), MnistFiles.TestImages, MnistFiles.TestLabels);
return 0;

int[] Shuffled(List<int> indices)
{
    var shuffled = indices.ToArray();
    random.Shuffle(shuffled);
    return shuffled;
}

void Write(int[] indices, string imagesName, string labelsName)
{
    var images = indices.SelectMany(Image).ToArray();
    var labels = Array.ConvertAll(indices, index => (byte)(index / (Rows * Columns / ImageDataset.ClassCount)));
    Save(imagesName, new IdxArray(IdxElementType.UInt8, [indices.Length, DigitImage.Side, DigitImage.Side], images));
    Save(labelsName, new IdxArray(IdxElementType.UInt8, [indices.Length], labels));
}

// OpenCV's image contains MNIST digits scaled down from 28 × 28 to 20 × 20 pixels; this scales them up again.
byte[] Image(int index)
{
    var tile = new float[Tile * Tile];
    var (left, top) = (index % Columns * Tile, index / Columns * Tile);
    for (var i = 0; i < tile.Length; i++) tile[i] = picture.GetPixel(left + (i % Tile), top + (i / Tile)).Red;
    return [.. BicubicScaling.Scale(tile, Tile, Tile, DigitImage.Side, DigitImage.Side).Select(value => (byte)Math.Clamp(MathF.Round(value), 0, 255))];
}

void Save(string name, IdxArray array)
{
    IdxFile.Write(Path.Combine(folder, name), array);
    using var content = new MemoryStream();
    IdxFile.Write(content, array);
    Console.WriteLine($"{name}: {string.Join(" × ", array.Dimensions)}, SHA-256 of the decompressed content {Convert.ToHexStringLower(SHA256.HashData(content.ToArray()))}");
}

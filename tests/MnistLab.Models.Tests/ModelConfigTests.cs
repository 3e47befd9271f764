using MnistLab.Data.Datasets;
using MnistLab.Testing;

namespace MnistLab.Models.Tests;

public sealed class ModelConfigTests : IDisposable
{
    private static readonly ModelMetrics Metrics = new(0.91, 0.92, 0.93, 0.94);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_AConfigurationWithoutLabels_IsOfDigits()
    {
        var config = Read("");

        Assert.Null(config.Labels);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], config.LabelNames);
        Assert.Equal(ImagePreprocessing.Digit, config.Preprocessing);
    }

    [Fact]
    public void Write_OfDigits_HasOnlyTheFieldsOfModelArts()
    {
        var written = ModelConfigWriter.Write("cnn", Metrics, ImageKind.Digits);

        Assert.Equal(
            ["model_algorithm", "model_type", "runtime", "metrics", "apis", "dependencies", "health"],
            written.Select(field => field.Key));
        Assert.Equal("cnn_digits", (string?)written["model_algorithm"]);
    }

    [Theory]
    [InlineData(ImagePreprocessing.Plain)]
    [InlineData(ImagePreprocessing.Digit)]
    public void Write_OfOtherImages_IsReadWithTheirNamesAndPreprocessing(ImagePreprocessing preprocessing)
    {
        var kind = new ImageKind(["Shirt", "Ankle boot", "衬衫"], 0.3, 0.4, preprocessing);

        File.WriteAllText(_folder["config.json"], ModelConfigWriter.Write("cnn", Metrics, kind).ToJsonString());
        var config = ModelConfig.Read(_folder["config.json"]);

        Assert.Equal(("cnn_images", preprocessing), (config.ModelAlgorithm, config.Preprocessing));
        Assert.Equal(["Shirt", "Ankle boot", "衬衫"], config.LabelNames);
    }

    [Fact]
    public void Write_OfTheDigitsWithoutTheirPreprocessing_IsNotOfDigits()
    {
        var kind = new ImageKind(ImageKind.Digits.ClassNames, 0.1, 0.3, ImagePreprocessing.Plain);

        Assert.Equal("plain", (string?)ModelConfigWriter.Write("cnn", Metrics, kind)["preprocessing"]);
    }

    [Theory]
    [InlineData(""", "labels": []""", "labels that are missing, blank, or repeated")]
    [InlineData(""", "labels": ["Shirt", " "]""", "labels that are missing, blank, or repeated")]
    [InlineData(""", "labels": ["Shirt", null]""", "labels that are missing, blank, or repeated")]
    [InlineData(""", "labels": ["Shirt", "Shirt"]""", "labels that are missing, blank, or repeated")]
    [InlineData(""", "labels": "Shirt" """, "$.labels")]
    [InlineData(""", "preprocessing": "blur" """, "$.preprocessing")]
    [InlineData(""", "preprocessing": 7""", "write \"digit\" or \"plain\"")]
    public void Read_WithInvalidLabelsOrPreprocessing_SaysWhatIsWrong(string fields, string expected)
    {
        var error = Assert.Throws<ModelImportException>(() => Read(fields));

        Assert.Equal(ModelImportError.ConfigMalformed, error.Error);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private ModelConfig Read(string fields)
    {
        const string Required = """ "model_algorithm": "cnn_digits", "model_type": "ONNX", "runtime": "onnxruntime" """;
        File.WriteAllText(_folder["config.json"], $"{{ {Required}{fields} }}");
        return ModelConfig.Read(_folder["config.json"]);
    }
}

using System.Text.Json.Serialization;

namespace MnistLab.Data.Datasets;

/// <summary>Specifies how an image file of any size becomes 28 × 28 gray values.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImagePreprocessing>))]
public enum ImagePreprocessing
{
    /// <summary>
    /// As MNIST's digits were: the ink is found, scaled to fit 20 × 20 pixels, and centered by its mass.
    /// </summary>
    [JsonStringEnumMemberName("digit")]
    Digit,

    /// <summary>
    /// The whole image is scaled to fit, and a light background becomes dark; an image of 28 × 28 gray pixels stays
    /// unchanged.
    /// </summary>
    [JsonStringEnumMemberName("plain")]
    Plain,
}

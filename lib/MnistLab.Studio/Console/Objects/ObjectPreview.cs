using MnistLab.Storage;

namespace MnistLab.Studio.Console.Objects;

/// <summary>A part of an object, for people to look at.</summary>
internal sealed record ObjectPreview
{
    /// <summary>Gets what the IDX file holds, such as <c>UnsignedByte</c>; null for another object.</summary>
    public string? ElementType { get; init; }

    /// <summary>Gets the sizes of the IDX file's dimensions, such as <c>10000 × 28 × 28</c>.</summary>
    public string? Dimensions { get; init; }

    /// <summary>Gets the images of the page, if it is a file of images.</summary>
    public IReadOnlyList<PreviewedDigit> Digits { get; init; } = [];

    /// <summary>Gets the file of the labels; null if there is none.</summary>
    public ObjectUrl? LabelsUrl { get; init; }

    /// <summary>Gets the labels of the page, if it is a file of labels.</summary>
    public IReadOnlyList<int> Labels { get; init; } = [];

    /// <summary>Gets the number of images or labels in the file.</summary>
    public int Count { get; init; }

    /// <summary>Gets the start of the text, if it is one.</summary>
    public string? Text { get; init; }

    /// <summary>Gets how many bytes of the object <see cref="Text"/> shows.</summary>
    public int TextLength { get; init; }
}

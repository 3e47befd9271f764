using MnistLab.Storage;

namespace MnistLab.Studio.Console.Objects;

/// <summary>Represents a preview of a part of an object.</summary>
internal sealed record ObjectPreview
{
    /// <summary>Gets the element type of an IDX file, such as <c>UInt8</c>; null for other objects.</summary>
    public string? ElementType { get; init; }

    /// <summary>Gets the dimensions of an IDX file, such as <c>10000 × 28 × 28</c>.</summary>
    public string? Dimensions { get; init; }

    /// <summary>Gets the images of the page; empty unless the object is a file of images.</summary>
    public IReadOnlyList<PreviewedDigit> Digits { get; init; } = [];

    /// <summary>Gets the file of the labels that belong to the images; null if there is none.</summary>
    public ObjectUrl? LabelsUrl { get; init; }

    /// <summary>Gets the labels of the page; empty unless the object is a file of labels.</summary>
    public IReadOnlyList<int> Labels { get; init; } = [];

    /// <summary>Gets the number of images or labels in the file.</summary>
    public int Count { get; init; }

    /// <summary>Gets the start of the text; null unless the object is a text.</summary>
    public string? Text { get; init; }

    /// <summary>Gets the number of bytes of the object that <see cref="Text"/> shows.</summary>
    public int TextLength { get; init; }
}

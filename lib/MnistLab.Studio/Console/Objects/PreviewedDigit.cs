namespace MnistLab.Studio.Console.Objects;

/// <summary>Represents an image of an IDX file in a preview.</summary>
/// <param name="Index">The index of the image in the file, from 0.</param>
/// <param name="Source">The image as a <c>data:</c> URL.</param>
/// <param name="Label">The label; null if there is no file of labels.</param>
internal sealed record PreviewedDigit(long Index, string Source, int? Label);

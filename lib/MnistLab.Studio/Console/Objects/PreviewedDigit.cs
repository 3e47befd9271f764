namespace MnistLab.Studio.Console.Objects;

/// <summary>An image of an IDX file.</summary>
/// <param name="Index">Its number in the file, from 0.</param>
/// <param name="Source">The image as a <c>data:</c> address.</param>
/// <param name="Label">Its label; null if there is no file of labels beside it.</param>
internal sealed record PreviewedDigit(long Index, string Source, int? Label);

namespace MnistLab.Storage;

/// <summary>Represents the progress of a transfer.</summary>
/// <param name="Url">The address of the object.</param>
/// <param name="BytesDone">The number of bytes transferred so far.</param>
/// <param name="BytesTotal">The total number of bytes; null if unknown.</param>
public readonly record struct TransferProgress(ObjectUrl Url, long BytesDone, long? BytesTotal);

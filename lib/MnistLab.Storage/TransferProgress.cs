namespace MnistLab.Storage;

/// <summary>How far a transfer has come.</summary>
/// <param name="Url">What is transferred.</param>
/// <param name="BytesDone">Bytes transferred so far.</param>
/// <param name="BytesTotal">Bytes to transfer in all; null while unknown.</param>
public readonly record struct TransferProgress(ObjectUrl Url, long BytesDone, long? BytesTotal);

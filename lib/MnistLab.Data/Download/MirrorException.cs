namespace MnistLab.Data.Download;

/// <summary>
/// The exception that is thrown if a mirror does not provide a file; the download then tries the next one.
/// </summary>
/// <param name="reason">The reason, phrased to follow "the mirror".</param>
/// <param name="innerException">The cause, if any.</param>
internal sealed class MirrorException(string reason, Exception? innerException = null) : Exception(reason, innerException);

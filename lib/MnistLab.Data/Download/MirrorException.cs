namespace MnistLab.Data.Download;

/// <summary>A mirror does not give a file: the next one is tried.</summary>
/// <param name="reason">The reason, in words that continue "the mirror …".</param>
/// <param name="innerException">What was thrown on the way, if anything.</param>
internal sealed class MirrorException(string reason, Exception? innerException = null) : Exception(reason, innerException);

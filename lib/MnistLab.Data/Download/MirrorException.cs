namespace MnistLab.Data;

/// <summary>A mirror does not give a file: the next one is asked.</summary>
/// <param name="reason">The reason, in words that continue "the mirror …".</param>
/// <param name="isCut">Whether the connection was cut in the middle, so that asking for the rest may help.</param>
/// <param name="innerException">What was thrown on the way, if anything.</param>
internal sealed class MirrorException(string reason, bool isCut = false, Exception? innerException = null) : Exception(reason, innerException)
{
    public bool IsCut => isCut;
}

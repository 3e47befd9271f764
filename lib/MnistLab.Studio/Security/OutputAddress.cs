namespace MnistLab.Studio.Security;

/// <summary>The addresses of what outputs of notebooks are shown in and load.</summary>
internal static class OutputAddress
{
    /// <summary>What they all begin with.</summary>
    public static PathString Prefix { get; } = "/outputs";
}

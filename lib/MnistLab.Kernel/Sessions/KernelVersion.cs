using System.Reflection;

namespace MnistLab.Kernel.Sessions;

/// <summary>Provides the version of this kernel.</summary>
internal static class KernelVersion
{
    /// <summary>Gets the version, such as <c>1.0.0</c>.</summary>
    public static string Current { get; } = typeof(KernelVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}

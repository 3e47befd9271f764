using System.Security.Cryptography;
using MnistLab.Training.Checkpoints;
using static TorchSharp.torch;

namespace MnistLab.Notebooks;

/// <summary>Tells whether two networks are the same, number by number.</summary>
public static class Fingerprint
{
    /// <summary>The first 16 hexadecimal digits of the SHA-256 of all weights: equal for equal weights, and, but for chance beyond all hope, for no others.</summary>
    public static string Of(nn.Module<Tensor, Tensor> network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var content = new MemoryStream();
        SafetensorsFile.Write(content, network.state_dict());
        return Convert.ToHexStringLower(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length)))[..16];
    }
}

using System.Security.Cryptography;
using MnistLab.Training.Checkpoints;
using static TorchSharp.torch;

namespace MnistLab.Notebooks;

/// <summary>Computes fingerprints of networks, to find out whether their weights are identical.</summary>
public static class Fingerprint
{
    /// <summary>
    /// Returns the first 16 hexadecimal digits of the SHA-256 of all weights: equal if and only if the weights are
    /// equal, barring a hash collision.
    /// </summary>
    public static string Compute(nn.Module<Tensor, Tensor> network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var content = new MemoryStream();
        SafetensorsFile.Write(content, network.state_dict());
        return Convert.ToHexStringLower(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length)))[..16];
    }
}

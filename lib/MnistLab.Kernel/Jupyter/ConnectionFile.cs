using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MnistLab.Hosting;

namespace MnistLab.Kernel.Jupyter;

/// <summary>
/// Represents the connection between a front end and its kernel:
/// https://jupyter-client.readthedocs.io/en/latest/kernels.html#connection-files.
/// </summary>
/// <param name="Address">The IP address that the sockets bind to.</param>
/// <param name="Ports">The port of each channel.</param>
/// <param name="Key">The key that signs messages; empty if they are not signed.</param>
public sealed record ConnectionFile(string Address, IReadOnlyDictionary<JupyterChannel, int> Ports, string Key)
{
    private const string Tcp = "tcp";
    private const string Scheme = "hmac-sha256";

    /// <summary>Reads the file that Jupyter names on the kernel's command line.</summary>
    /// <exception cref="ConnectionFileException">
    /// The file cannot be read, lacks a member, or specifies an unsupported transport or signature scheme.
    /// </exception>
    public static ConnectionFile Read(string file)
    {
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(file)) as JsonObject
                ?? throw new ConnectionFileException(file, "it is not a JSON object");
            var key = Value<string>(json, "key", file);
            if (key.Length > 0 && Value<string>(json, "signature_scheme", file) is var scheme && scheme != Scheme)
                throw new ConnectionFileException(file, $"the signature scheme '{scheme}' is not supported, only {Scheme}");
            var ports = Enum
                .GetValues<JupyterChannel>()
                .ToDictionary(channel => channel, channel => Value<int>(json, PortName(channel), file));
            // The ipc transport of NetMQ is not compatible with ZeroMQ's, so no front end could connect.
            if (Value<string>(json, "transport", file) is var transport && transport != Tcp)
            {
                throw new ConnectionFileException(
                    file,
                    $"the transport '{transport}' is not supported, only tcp; "
                    + "set c.KernelManager.transport = 'tcp' in the front end's configuration");
            }

            return new(Value<string>(json, "ip", file), ports, key);
        }
        catch (Exception error) when (error is (IOException and not ConnectionFileException)
            or UnauthorizedAccessException or JsonException)
        {
            throw new ConnectionFileException(file, error.Message, error);
        }
    }

    /// <summary>
    /// Creates a connection with free loopback ports and a random key. Another process may take a port before the
    /// kernel binds it.
    /// </summary>
    public static ConnectionFile CreateLocal()
    {
        var channels = Enum.GetValues<JupyterChannel>();
        // Opens all listeners before closing any, so that the ports are distinct.
        var listeners = channels.Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        var ports = channels.Zip(listeners, (channel, listener) => (channel, ((IPEndPoint)listener.LocalEndpoint).Port)).ToDictionary();
        foreach (var listener in listeners) listener.Dispose();
        return new(IPAddress.Loopback.ToString(), ports, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
    }

    /// <summary>Writes the file that the kernel reads. On Unix, only the owner can read and write it.</summary>
    public void Write(string file)
    {
        var json = new JsonObject { ["transport"] = Tcp, ["ip"] = Address, ["key"] = Key, ["signature_scheme"] = Scheme };
        foreach (var (channel, port) in Ports) json[PortName(channel)] = port;
        AtomicFile.Replace(
            file,
            stream => stream.Write(Encoding.UTF8.GetBytes(json.ToJsonString())),
            UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Returns the ZeroMQ endpoint of a channel.</summary>
    public string Of(JupyterChannel channel) => $"{Tcp}://{Address}:{Ports[channel]}";

    private static string PortName(JupyterChannel channel) =>
        channel == JupyterChannel.Heartbeat ? "hb_port" : channel.ToString().ToLowerInvariant() + "_port";

    private static T Value<T>(JsonObject json, string name, string file) =>
        json[name] is JsonValue value && value.TryGetValue<T>(out var found)
        ? found
        : throw new ConnectionFileException(file, $"its '{name}' is missing or has the wrong type");
}

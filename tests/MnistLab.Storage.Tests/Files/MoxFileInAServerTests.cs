using MnistLab.Storage.S3;
using MnistLab.Testing;

namespace MnistLab.Storage.Tests;

public sealed class MoxFileInAServerTests(RadosGateway gateway) : MoxFileContract
{
    protected override IObjectStore Store => field ??= new S3ObjectStore(
        new S3Settings(gateway.Endpoint, "us-east-1", RadosGateway.AccessKey, RadosGateway.SecretKey));
}

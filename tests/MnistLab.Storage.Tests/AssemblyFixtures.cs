[assembly: AssemblyFixture(typeof(MnistLab.Testing.RadosGateway))]

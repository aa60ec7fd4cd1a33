using System.Net;
using System.Net.Sockets;
using Signpost.FaultTests.Running;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>Other users of the machine read nothing of the server's, whatever the shell's umask and the directory's mode.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PrivateFilesTests
{
    private const UnixFileMode Everybody = (UnixFileMode)0b111_101_101;
    private const UnixFileMode NotTheOwner = (UnixFileMode)0b000_111_111;
    private static readonly string[] OpenShell = ["sh", "-c", "umask 000; exec \"$@\"", "sh"];

    [Fact]
    public async Task Every_new_file_is_the_owners_alone_and_an_open_directory_is_named()
    {
        await using var home = Installation.Empty();
        Directory.CreateDirectory(home.DataDirectory);
        File.SetUnixFileMode(home.DataDirectory, Everybody);
        var backup = Path.Combine(home.Root, "backup.db");

        await using var server = await RunningServer.StartAsync(home, OpenShell);
        await using var command = SignpostProcess.Start(home, ["backup", backup], [], OpenShell);
        var made = await command.EndAsync();
        Assert.True(made.ExitCode == 0, made.ToString());

        string[] files =
        [
            .. Directory.GetFileSystemEntries(home.DataDirectory, "*", SearchOption.AllDirectories),
            backup,
        ];
        Assert.Contains(files, file => file.EndsWith(".seg", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith("signpost.db", StringComparison.Ordinal));
        Assert.All(files, file => Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(file) & NotTheOwner));
        await server.StopAsync();
        Assert.Contains(
            $"{home.DataDirectory} is open to other users",
            server.Process.Output.Text,
            StringComparison.Ordinal
        );

        File.SetUnixFileMode(backup, Everybody);
        Assert.Equal(0, (await SignpostProcess.RunAsync(home, ["restore", backup])).ExitCode);
        var restored = Path.Combine(home.DataDirectory, "signpost.db");
        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(restored) & NotTheOwner);

        File.SetUnixFileMode(home.DataDirectory, Everybody & ~NotTheOwner);
        await using var again = await RunningServer.StartAsync(home);
        await again.StopAsync();
        Assert.DoesNotContain("is open to other users", again.Process.Output.Text, StringComparison.Ordinal);
    }

    // Write permission on a socket is the permission to connect to it.
    [Theory]
    [InlineData("000", 0b110_110_110)]
    [InlineData("007", 0b110_110_000)]
    [InlineData("022", 0b110_100_100)]
    public async Task A_Unix_socket_is_as_open_as_the_umask_of_the_shell_says(string umask, int mode)
    {
        await using var home = Installation.Empty();
        var path = Path.Combine(home.Root, "signpost.sock");
        await using var server = await RunningServer.StartAsync(
            home,
            ["sh", "-c", $"umask {umask}; exec \"$@\"", "sh"],
            ("ASPNETCORE_URLS", $"http://unix:{path}")
        );

        using var proxy = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync });
        using var health = await proxy
            .GetAsync("http://localhost/healthz", TestContext.Current.CancellationToken)
            .OrFail("The health through the socket");

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal((UnixFileMode)mode, File.GetUnixFileMode(path));
        Assert.All(
            Directory.GetFileSystemEntries(home.DataDirectory),
            file => Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(file) & NotTheOwner)
        );
        await server.StopAsync();

        async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
    }
}

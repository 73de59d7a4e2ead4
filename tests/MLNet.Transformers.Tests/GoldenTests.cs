using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Parity;
using MLNet.Transformers.Tests.Checkpoints;

namespace MLNet.Transformers.Tests;

/// <summary>Every golden folder of the repository, checked as the parity program does.</summary>
public class GoldenTests
{
    private static readonly string _root = Shared.Golden();

    public static TheoryData<string> Fixtures => [.. FixtureWalk.Find(_root, filter: null)];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Fixture_gives_the_figures_of_the_reference(string name)
    {
        NativeBackend.EnsureLoaded();
        IReadOnlyList<Row> rows = FixtureWalk.Check(_root, name);

        Assert.SkipWhen(rows.All(row => row.Status == Status.Skip), string.Join("; ", rows.Select(row => row.Name)));
        Assert.Empty(rows.Where(row => row.Status == Status.Fail).Select(row => row.ToString()));
    }

    [Fact]
    public void A_wrong_figure_is_a_failure()
    {
        NativeBackend.EnsureLoaded();
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(Shared.Golden("bert-seqcls")))
        {
            File.Copy(file, Path.Combine(folder.Folder, Path.GetFileName(file)));
        }
        string expected = Path.Combine(folder.Folder, "expected.json");
        File.SetAttributes(expected, FileAttributes.Normal);
        File.WriteAllText(expected, File.ReadAllText(expected).Replace("1.132789", "1.133789", StringComparison.Ordinal));

        IReadOnlyList<Row> rows = FixtureWalk.Check(Path.GetDirectoryName(folder.Folder)!, Path.GetFileName(folder.Folder));

        Assert.Equal(["single_label: loss", "single_label: losses of AdamW"], rows.Where(row => row.Status == Status.Fail).Select(row => row.Name));
    }
}

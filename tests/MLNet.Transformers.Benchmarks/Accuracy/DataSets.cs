using System.Text;

namespace MLNet.Transformers.Benchmarks.Accuracy;

/// <summary>A labelled text, or pair of texts.</summary>
internal sealed class Row
{
    public string Label { get; set; } = "";

    public string Text { get; set; } = "";

    public string Pair { get; set; } = "";
}

/// <summary>A data set with the splits and settings for which the reference's results are known.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Train">Reads the training rows.</param>
/// <param name="Test">Reads the rows to evaluate.</param>
/// <param name="Reference">The reference's accuracy after the last epoch, in percent, one per seed; none where it has none.</param>
internal sealed record DataSet(string Name, Func<string, Row[]> Train, Func<string, Row[]> Test, double[] Reference)
{
    private const int TrecTrainRows = 4952;

    public static IReadOnlyList<DataSet> All { get; } =
    [
        new("sst2", data => Sst2(data, "train.tsv"), data => Sst2(data, "dev.tsv"), [86.8, 87.5]),
        TrecSet("trec", [94.4, 94.6]),
        new("mrpc", data => Mrpc(data, "train"), data => Mrpc(data, "test"), [76.2]) { HasPairs = true },
        TrecSet("trec-scratch", [84.4]) with { Network = SmallNetworks.Bert, Epochs = 8, LearningRate = 3e-4 },
        TrecSet("trec-pretrained", [84.4]) with { Network = PretrainedBert.Of, Epochs = 8, LearningRate = 3e-4 },
        TrecSet("trec-bart", [85.2, 84.4]) with { Network = SmallNetworks.Bart, Epochs = 5, LearningRate = 3e-4 },
        TrecSet("trec-t5", [79.6]) with { Network = SmallNetworks.T5, Epochs = 5, LearningRate = 3e-4 },
        TrecSet("trec-llama", [85.4, 84.6]) with { Network = SmallNetworks.Llama, Epochs = 5, LearningRate = 3e-4 },
        TrecSet("trec-glm", [83.2, 84.4]) with { Network = SmallNetworks.Glm, Epochs = 5, LearningRate = 3e-4 },
        new("chnsenticorp-scratch", data => ChnSentiCorp(data, "train"), data => ChnSentiCorp(data, "dev"), [])
        {
            Network = SmallNetworks.ChineseBert, Epochs = 5, LearningRate = 3e-4, MaxTokens = 256,
        },
    ];

    /// <summary>Whether rows have two texts.</summary>
    public bool HasPairs { get; init; }

    /// <summary>What training begins with.</summary>
    public Func<RunSettings, Checkpoint> Network { get; init; } = static settings => settings.MiniLm;

    public int Epochs { get; init; } = 3;

    public double LearningRate { get; init; } = 5e-5;

    public int MaxTokens { get; init; } = 128;

    /// <summary>The questions that TREC's runs are trained on.</summary>
    public static IEnumerable<string> TrecQuestions(string data) => Trec(data)[..TrecTrainRows].Select(row => row.Text);

    /// <summary>Sentences of news and of reviews, without what is asked about them.</summary>
    public static IEnumerable<string> Sentences(string data) =>
    [
        .. Mrpc(data, "train").SelectMany(row => new[] { row.Text, row.Pair }),
        .. Sst2(data, "train.tsv").Select(row => row.Text),
        .. Lines(data, Encoding.Latin1, "sent-conv", "rt-polarity.all").Select(line => line.Split(' ', 2)[1].Trim()),
    ];

    private static DataSet TrecSet(string name, double[] reference) => new(name, data => Trec(data)[..TrecTrainRows], data => Trec(data)[TrecTrainRows..], reference);

    // "text<TAB>label", without a header.
    private static Row[] Sst2(string data, string file) =>
        [.. Lines(data, Encoding.UTF8, "sst2-sentences", file).Select(line => line.Split('\t')).Select(parts => new Row { Text = parts[0], Label = parts[1] })];

    // "LABEL text" with the label's first word as the class.
    private static Row[] Trec(string data) =>
        [.. Lines(data, Encoding.Latin1, "sent-conv", "TREC.train.all").Select(line => line.Split(' ', 2)).Select(parts => new Row { Label = parts[0], Text = parts[1] })];

    // "Quality<TAB>id<TAB>id<TAB>text<TAB>text", with a header.
    private static Row[] Mrpc(string data, string split) =>
        [.. Lines(data, Encoding.UTF8, "mrpc", $"msr_paraphrase_{split}.txt").Skip(1).Select(line => line.Split('\t')).Select(parts => new Row { Label = parts[0], Text = parts[3], Pair = parts[4] })];

    // "text<TAB>positive or negative", without a header.
    private static Row[] ChnSentiCorp(string data, string split) =>
        [.. Lines(data, Encoding.UTF8, "chnsenticorp", $"{split}.tsv").Select(line => line.Split('\t')).Select(parts => new Row { Text = parts[0], Label = parts[1] })];

    private static IEnumerable<string> Lines(string data, Encoding encoding, params string[] path) =>
        File.ReadAllText(Path.Combine([data, .. path]), encoding).TrimStart('\uFEFF').Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0);
}

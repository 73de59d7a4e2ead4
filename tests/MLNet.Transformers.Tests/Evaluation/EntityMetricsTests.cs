namespace MLNet.Transformers.Tests.Evaluation;

public class EntityMetricsTests
{
    private static readonly string[][] _gold = [["B-PER", "I-PER", "O", "B-LOC"], ["B-LOC", "O"]];
    private static readonly string[][] _predicted = [["B-PER", "I-PER", "O", "B-ORG"], ["I-LOC", "O"]];

    [Fact]
    public void Figures_by_hand()
    {
        EntityMetrics metrics = EntityMetrics.Of(_gold, _predicted);

        Assert.Equal(["LOC", "ORG", "PER"], metrics.ByType.Keys);
        Assert.Equal(new PrecisionRecall(1, 0.5, 2.0 / 3, 2), metrics.ByType["LOC"]);
        Assert.Equal(new PrecisionRecall(0, 0, 0, 0), metrics.ByType["ORG"]);
        Assert.Equal(2.0 / 3, metrics.Micro.F1, 1e-12);
        Assert.Equal((2.0 / 3 + 1) / 3, metrics.Macro.F1, 1e-12);
        Assert.Equal((2 * 2.0 / 3 + 1) / 3, metrics.Weighted.F1, 1e-12);
        Assert.Equal(4.0 / 6, metrics.TagAccuracy, 1e-12);
    }

    [Fact]
    public void In_strict_mode_an_entity_that_the_scheme_does_not_allow_is_none() =>
        Assert.Equal(0, EntityMetrics.Of(_gold, _predicted, TagScheme.Iob2).ByType["LOC"].Recall);

    [Fact]
    public void Tags_without_prefixes_are_types_and_neighbours_of_one_type_one_entity()
    {
        EntityMetrics metrics = EntityMetrics.Of([["ORG", "ORG", "O", "DATE-TIME", "CITY", "O"]], [["ORG", "ORG", "O", "DATE-TIME", "O", "Event"]]);

        Assert.Equal(["CITY", "DATE-TIME", "Event", "ORG"], metrics.ByType.Keys);
        Assert.Equal(new PrecisionRecall(1, 1, 1, 1), metrics.ByType["ORG"]);
        Assert.Equal(new PrecisionRecall(2.0 / 3, 2.0 / 3, 2.0 / 3, 3), metrics.Micro);
    }

    [Fact]
    public void Tags_that_are_letters_alone_or_stand_beside_tags_with_prefixes_are_read_as_the_reference_reads_them()
    {
        Assert.Equal(["_"], EntityMetrics.Of([["B", "I", "O"]], [["B", "I", "O"]]).ByType.Keys);
        Assert.Equal(["ER", "LOC"], EntityMetrics.Of([["PER", "B-LOC"]], [["PER", "B-LOC"]]).ByType.Keys);
    }

    [Fact]
    public void Without_any_entity_the_mean_over_types_is_no_number()
    {
        EntityMetrics metrics = EntityMetrics.Of([["O"]], [["O"]]);

        Assert.Empty(metrics.ByType);
        Assert.Equal(0, metrics.Micro.F1);
        Assert.True(double.IsNaN(metrics.Macro.F1));
        Assert.Equal(0, metrics.Weighted.F1);
    }

    [Fact]
    public void A_sentence_with_another_number_of_predicted_tags_is_named()
    {
        var error = Assert.Throws<ArgumentException>(() => EntityMetrics.Of(_gold, [_predicted[0], ["O"]]));

        Assert.Equal("Row 2: 2 right tags and 1 predicted ones; both must be a tag a word.", error.Message);
    }

    [Fact]
    public void Another_number_of_sentences_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => EntityMetrics.Of(_gold, [_predicted[0]]));

        Assert.Equal("There are 2 sentences with right answers and 1 with predicted ones; give as many of both.", error.Message);
    }

    [Fact]
    public void The_text_is_an_aligned_table() => Assert.Equal(
        """
                    precision  recall      F1  support
        LOC            1.0000  0.5000  0.6667        2
        ORG            0.0000  0.0000  0.0000        0
        PER            1.0000  1.0000  1.0000        1
        micro          0.6667  0.6667  0.6667        3
        macro          0.6667  0.5000  0.5556        3
        weighted       1.0000  0.6667  0.7778        3
        tags right     0.6667
        """.ReplaceLineEndings("\n"),
        EntityMetrics.Of(_gold, _predicted).ToString());
}

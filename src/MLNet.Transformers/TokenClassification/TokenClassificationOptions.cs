namespace MLNet.Transformers;

/// <summary>
/// Settings of <see cref="TokenClassificationTrainer"/>. A row is words with tags, where the input has the column <see cref="WordsColumnName"/>; else a raw
/// text with tags, one for each stretch between blanks, where it has <see cref="TagsColumnName"/>; else a raw text with spans of characters.
/// </summary>
/// <remarks>Longer rows than <see cref="TextOptions.MaxTokens"/> are not cut but read in windows.</remarks>
public sealed class TokenClassificationOptions : TrainingOptions
{
    /// <summary>Column of the words, a vector of text; null: rows are raw texts, whatever columns there are.</summary>
    /// <value>"Words".</value>
    public string? WordsColumnName { get; set; } = "Words";

    /// <summary>Column of the text, read where there is none of words; null: rows are words.</summary>
    /// <value>"Text".</value>
    public string? TextColumnName { get; set; } = "Text";

    /// <summary>
    /// Column of the tags, one for each word: a vector of keys, whose values are the tags, or of text. A missing tag is not learnt; among keys without the
    /// value "O" it is the outside tag, and comes back as a missing key.
    /// </summary>
    /// <value>"Tags".</value>
    public string TagsColumnName { get; set; } = "Tags";

    /// <summary>Column of the first character of each entity of a raw text, in UTF-16 units from 0: integers, a vector or, of rows with one entity, one.</summary>
    /// <value>"SpanStart".</value>
    public string SpanStartColumnName { get; set; } = "SpanStart";

    /// <summary>Column of the number of characters of each entity, integers, as many as first characters.</summary>
    /// <value>"SpanLength".</value>
    public string SpanLengthColumnName { get; set; } = "SpanLength";

    /// <summary>Column of the type of each entity ("PER"), text, as many as first characters.</summary>
    /// <value>"SpanType".</value>
    public string SpanTypeColumnName { get; set; } = "SpanType";

    /// <summary>Column for the tag of each word, a vector of keys whose values are the tags.</summary>
    /// <value>"PredictedTags".</value>
    public string PredictedTagsColumnName { get; set; } = "PredictedTags";

    /// <summary>Column for the probability of each word's tag; of a word without tokens 1.</summary>
    /// <value>"Score".</value>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>Columns for the places of words and for entities.</summary>
    public EntityColumnNames EntityColumns { get; set; } = new();

    /// <summary>How entities are made of tokens.</summary>
    /// <value><see cref="EntityAggregation.First"/>: the entities are those of the predicted tags.</value>
    public EntityAggregation Aggregation { get; set; } = EntityAggregation.First;

    /// <summary>
    /// How tags write entities; spans are written so. Null: seen from the tags' prefixes (S-, E-: BIOES; L-, U-: BILOU; E- without B-: IOE2; B-: IOB2, also
    /// called BIO; I- alone: IO, which is IOB1 without B-), and IOB2 for spans. IOB1 has to be said. Where a tag has no prefix, as parts of speech have none,
    /// the tags are of no scheme: any may follow any, and neighbours of one tag are an entity of that type.
    /// </summary>
    /// <value>null.</value>
    public TagScheme? Scheme { get; set; }

    /// <summary>
    /// What becomes of rows whose tags break the scheme, or whose spans do not begin and end with words. False: the first one is an error that names row and
    /// place. True: tags are read as seqeval's default reads them and written anew; spans grow to the words that they touch, and of two that overlap the
    /// first counts; the rows are counted in the log.
    /// </summary>
    /// <value>false.</value>
    public bool RepairTags { get; set; }

    /// <summary>Tokens that two windows over a long row have in common, at least 0. Null: a quarter of <see cref="TextOptions.MaxTokens"/>.</summary>
    /// <value>null.</value>
    public int? Stride { get; set; }

    /// <summary>What becomes of a classification head that the checkpoint already has.</summary>
    /// <value><see cref="HeadSource.Auto"/>.</value>
    public HeadSource Head { get; set; } = HeadSource.Auto;

    /// <summary>Share of the target's probability that is spread over all tags, 0 to below 1.</summary>
    /// <value>0.</value>
    public double LabelSmoothing { get; set; }

    /// <summary>Weight of each tag in the loss, by its text; above 0, tags not named weigh 1. Null: all 1.</summary>
    /// <value>null.</value>
    public IReadOnlyDictionary<string, double>? ClassWeights { get; set; }

    /// <summary>
    /// The metric on the validation rows that decides which epoch was best. <see cref="TokenClassificationMetric.EntityF1"/> gives way to
    /// <see cref="TokenClassificationMetric.Accuracy"/> where tags are of no scheme (<see cref="Scheme"/>), which the log says.
    /// </summary>
    /// <value><see cref="TokenClassificationMetric.EntityF1"/>.</value>
    public TokenClassificationMetric ValidationMetric { get; set; } = TokenClassificationMetric.EntityF1;

    internal override string Identity => $"{base.Identity}|{ValidationMetric}|{Scheme}";

    private protected override void CopyContents() => ClassWeights = ClassWeights?.ToDictionary();

    private protected override void Validate()
    {
        base.Validate();
        TokenColumnChecks.Inputs(WordsColumnName, TextColumnName);
        Check.ColumnName(TagsColumnName, nameof(TagsColumnName));
        Check.ColumnName(SpanStartColumnName, nameof(SpanStartColumnName));
        Check.ColumnName(SpanLengthColumnName, nameof(SpanLengthColumnName));
        Check.ColumnName(SpanTypeColumnName, nameof(SpanTypeColumnName));
        TokenColumnChecks.Outputs(PredictedTagsColumnName, ScoreColumnName, EntityColumns);
        Check.Defined(Aggregation, nameof(Aggregation));
        if (Scheme is { } scheme)
        {
            Check.Defined(scheme, nameof(Scheme));
        }
        Check.AtLeast(Stride, 0, nameof(Stride));
        Check.Defined(Head, nameof(Head));
        Check.Between(LabelSmoothing, 0, 0.999, nameof(LabelSmoothing));
        Check.Weights(ClassWeights, nameof(ClassWeights));
        Check.Defined(ValidationMetric, nameof(ValidationMetric));
    }
}

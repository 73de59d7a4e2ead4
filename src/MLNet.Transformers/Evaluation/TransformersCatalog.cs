using Microsoft.ML;
using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers;

public sealed partial class TransformersCatalog
{
    /// <summary>Judges predicted tags of words: how well entities are found.</summary>
    /// <param name="data">The rows, as a transformer for token classification gives them.</param>
    /// <param name="tagsColumnName">Column of the right tags, a vector of text or of keys; a missing key is a word outside of entities.</param>
    /// <param name="predictedTagsColumnName">Column of the predicted tags, as many in each row.</param>
    /// <param name="strict">
    /// Null: whatever can be read as an entity is one, as conlleval and seqeval's default have it; where no tag has a prefix (B-, I-), neighbours of one tag
    /// are an entity of that type, as a transformer gives them. Else only what this scheme allows.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no row, a row's tags are not as many, or one is empty or not one of the scheme; the message names columns and row.</exception>
    public EntityMetrics EvaluateTokenClassification(
        IDataView data, string tagsColumnName = "Tags", string predictedTagsColumnName = "PredictedTags", TagScheme? strict = null)
    {
        EvaluatedColumns columns = Columns(data);
        List<(string[] Gold, string[] Predicted)> rows = EvaluatedRows.Of(
            data, columns.Names("tags", tagsColumnName, missing: "O"), columns.Names("predicted tags", predictedTagsColumnName, missing: "O"));
        return EvaluatedRows.Judge(
            () => EntityMetrics.Of([.. rows.Select(row => row.Gold)], [.. rows.Select(row => row.Predicted)], strict), tagsColumnName, predictedTagsColumnName);
    }

    /// <summary>Judges the entities that were found in raw texts against spans of characters: one is right where its type, its start and its length are.</summary>
    /// <param name="data">The rows, as a transformer for token classification gives them.</param>
    /// <param name="spanStartColumnName">Column of the first character of each right entity, integers.</param>
    /// <param name="spanLengthColumnName">Column of the number of its characters.</param>
    /// <param name="spanTypeColumnName">Column of its type, text.</param>
    /// <param name="entityColumns">Names of the columns of the entities that were found; null: the default ones.</param>
    /// <returns>The figures; <see cref="EntityMetrics.TagAccuracy"/> is NaN, for spans say nothing of words.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no row, or a row has not as many starts as lengths and types; the message names columns and row.</exception>
    public EntityMetrics EvaluateEntities(
        IDataView data, string spanStartColumnName = "SpanStart", string spanLengthColumnName = "SpanLength", string spanTypeColumnName = "SpanType",
        EntityColumnNames? entityColumns = null)
    {
        EvaluatedColumns columns = Columns(data);
        entityColumns ??= new EntityColumnNames();
        var gold = new EvaluatedSpans(columns, "span", spanStartColumnName, spanLengthColumnName, spanTypeColumnName);
        var predicted = new EvaluatedSpans(columns, "entity", entityColumns.EntityStart, entityColumns.EntityLength, entityColumns.EntityType);
        List<(IReadOnlyList<TaggedEntity>, IReadOnlyList<TaggedEntity>)> rows = EvaluatedRows.Of<(IReadOnlyList<TaggedEntity>, IReadOnlyList<TaggedEntity>)>(data, [.. gold.Columns, .. predicted.Columns], row =>
        {
            (Func<TaggedEntity[]> readGold, Func<TaggedEntity[]> readPredicted) = (gold.Getter(row), predicted.Getter(row));
            return () => (readGold(), readPredicted());
        });
        return EntityMetrics.Of(rows, double.NaN);
    }

    /// <summary>Judges predicted answers to questions by SQuAD's rules.</summary>
    /// <param name="data">The rows, as a transformer for question answering gives them.</param>
    /// <param name="answerColumnName">Column of the right answers: a vector of text, empty where there is none; or one text, empty where there is none.</param>
    /// <param name="predictedAnswerColumnName">Column of the predicted answer, a text, empty where none is given.</param>
    /// <param name="nullScoreColumnName">Column of the null score, a number that is higher the surer it is that there is no answer; null: no thresholds are looked for.</param>
    /// <param name="idColumnName">Column of the questions' ids, text, for errors; null: they have none.</param>
    /// <param name="version">Whose rules decide: SQuAD 2.0's or 1.1's.</param>
    /// <param name="nullThreshold">Questions whose null score is above it count as if no answer were given; null: predictions count as they are.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no row, an id occurs twice, a null score is NaN, or a question has no answer by SQuAD 1.1's rules; the message names columns and row.</exception>
    public QuestionAnsweringMetrics EvaluateQuestionAnswering(
        IDataView data, string answerColumnName = "Answer", string predictedAnswerColumnName = "PredictedAnswer", string? nullScoreColumnName = null,
        string? idColumnName = null, SquadVersion version = SquadVersion.V2, double? nullThreshold = null)
    {
        EvaluatedColumns columns = Columns(data);
        EvaluatedColumn<string[]> gold = columns.Names("answer", answerColumnName, missing: "");
        EvaluatedColumn<string> predicted = columns.Text("predicted answer", predictedAnswerColumnName);
        EvaluatedColumn<double>? nullScore = nullScoreColumnName is null ? null : columns.Number("null score", nullScoreColumnName);
        EvaluatedColumn<string>? id = idColumnName is null ? null : columns.Text("id", idColumnName);
        DataViewSchema.Column?[] found = [gold.Column, predicted.Column, nullScore?.Column, id?.Column];
        List<AnsweredQuestion> rows = EvaluatedRows.Of<AnsweredQuestion>(data, [.. found.OfType<DataViewSchema.Column>()], row =>
        {
            (Func<string[]> readGold, Func<string> readPredicted) = (gold.Getter(row), predicted.Getter(row));
            (Func<double>? readScore, Func<string>? readId) = (nullScore?.Getter(row), id?.Getter(row));
            return () => new AnsweredQuestion(readPredicted(), [.. readGold().Where(answer => answer.Length > 0)], readScore?.Invoke(), readId?.Invoke());
        });
        return EvaluatedRows.Judge(
            () => QuestionAnsweringMetrics.Of(rows, version, nullThreshold), answerColumnName, predictedAnswerColumnName, nullScoreColumnName, idColumnName);
    }

    /// <summary>Judges texts that were written: summaries, translations, answers.</summary>
    /// <param name="data">The rows, as a transformer from sequence to sequence gives them.</param>
    /// <param name="targetColumnName">Column of the right text, or of several right ones, a vector of text.</param>
    /// <param name="predictedTextColumnName">Column of the written text.</param>
    /// <param name="tokenizer">What parts texts into words for BLEU; for Chinese <see cref="BleuTokenizer.Chinese"/>.</param>
    /// <param name="stem">Compare stems of words for ROUGE.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no row, or one without a right text; the message names columns and row.</exception>
    public GeneratedTextMetrics EvaluateSequenceToSequence(
        IDataView data, string targetColumnName = "Target", string predictedTextColumnName = "PredictedText",
        BleuTokenizer tokenizer = BleuTokenizer.Mteval13a, bool stem = false)
    {
        EvaluatedColumns columns = Columns(data);
        List<(string[] Gold, string Predicted)> rows = EvaluatedRows.Of(
            data, columns.Names("target", targetColumnName, missing: ""), columns.Text("predicted text", predictedTextColumnName));
        return EvaluatedRows.Judge(
            () => GeneratedTextMetrics.Of([.. rows.Select(row => row.Predicted)], [.. rows.Select(row => row.Gold)], tokenizer, stem),
            targetColumnName, predictedTextColumnName);
    }

    /// <summary>Judges predicted classes, one a row: what <c>MulticlassClassification.Evaluate</c> does not say (Matthews correlation, kappa, the figures of each class by name).</summary>
    /// <param name="data">The rows, as a transformer for sequence classification gives them.</param>
    /// <param name="labelColumnName">Column of the right class: a key, a text, or yes or no. Rows without one are passed over.</param>
    /// <param name="predictedLabelColumnName">Column of the predicted class: a key, a text, or yes or no.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no row with a right class, or one has no predicted class; the message names column and row.</exception>
    public ClassificationReport EvaluateClassification(IDataView data, string labelColumnName = "Label", string predictedLabelColumnName = "PredictedLabel")
    {
        EvaluatedColumns columns = Columns(data);
        List<(string? Gold, string? Predicted)> rows = EvaluatedRows.Of(
            data, columns.Name("label", labelColumnName), columns.Name("predicted label", predictedLabelColumnName));
        int missing = rows.FindIndex(row => row is { Gold: not null, Predicted: null });
        if (missing >= 0)
        {
            throw new InvalidOperationException($"The column '{predictedLabelColumnName}' has no class in row {missing + 1}.");
        }
        rows.RemoveAll(row => row.Gold is null);
        if (rows.Count == 0)
        {
            throw new InvalidOperationException($"The column '{labelColumnName}' has no right class in any row.");
        }
        return ClassificationReport.Of([.. rows.Select(row => row.Gold!)], [.. rows.Select(row => row.Predicted!)]);
    }

    /// <summary>Judges predicted labels, any number a row. Labels and scores belong together by their names where both columns have some, else by their places.</summary>
    /// <param name="data">The rows, as a transformer for sequence classification gives them.</param>
    /// <param name="labelColumnName">Column of the right labels: a vector of yes or no, of numbers that are at least a half for yes, or of keys.</param>
    /// <param name="scoreColumnName">Column of the scores, a vector of a number a label.</param>
    /// <param name="threshold">A label is given where its score is at least this; 0.5 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or <paramref name="threshold"/> is NaN.</exception>
    /// <exception cref="InvalidOperationException">There is no row, the numbers of labels and scores differ, or keys and scores have other names; the message names columns and row.</exception>
    public MultiLabelMetrics EvaluateMultiLabelClassification(
        IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score", double threshold = 0.5)
    {
        EvaluatedColumns columns = Columns(data);
        EvaluatedColumn<bool[]> labels = columns.Labels("label", labelColumnName);
        EvaluatedColumn<float[]> scores = columns.Scores("score", scoreColumnName);
        var named = NamedScores.Of(labels.Column, scores.Column);
        List<(bool[] Gold, float[] Predicted)> rows = EvaluatedRows.Of(data, labels, scores);
        return EvaluatedRows.Judge(
            () => MultiLabelMetrics.Of([.. rows.Select(row => row.Gold)], [.. rows.Select(row => named.InOrder(row.Predicted))], threshold, named.Names),
            labelColumnName, scoreColumnName);
    }

    /// <summary>Judges predicted numbers by correlation, as similarity of sentences is judged.</summary>
    /// <param name="data">The rows, as a transformer for sequence classification gives them.</param>
    /// <param name="labelColumnName">Column of the right number, Single or Double.</param>
    /// <param name="scoreColumnName">Column of the predicted number, Single or Double.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no row, or a number is NaN; the message names columns and row.</exception>
    public CorrelationMetrics EvaluateCorrelation(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score")
    {
        EvaluatedColumns columns = Columns(data);
        List<(double Gold, double Predicted)> rows = EvaluatedRows.Of(data, columns.Number("label", labelColumnName), columns.Number("score", scoreColumnName));
        return EvaluatedRows.Judge(
            () => CorrelationMetrics.Of([.. rows.Select(row => row.Gold)], [.. rows.Select(row => row.Predicted)]), labelColumnName, scoreColumnName);
    }

    /// <summary>Judges how well the tokens of texts were guessed: loss and perplexity over all of them.</summary>
    /// <param name="data">The rows, as a <see cref="PretrainingTransformer"/> gives them.</param>
    /// <param name="lossColumnName">Column of the mean loss of a text, Single or Double.</param>
    /// <param name="tokenCountColumnName">Column of the number of its tokens, integers; texts of none do not count.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no row, none has a token, or a loss is NaN; the message names columns and row.</exception>
    public LanguageModelMetrics EvaluateLanguageModel(IDataView data, string lossColumnName = "Loss", string tokenCountColumnName = "TokenCount")
    {
        EvaluatedColumns columns = Columns(data);
        List<(double Loss, int[] Tokens)> rows = EvaluatedRows.Of(data, columns.Number("loss", lossColumnName), columns.Integers("token count", tokenCountColumnName));
        return EvaluatedRows.Judge(
            () => LanguageModelMetrics.Of([.. rows.Select(row => row.Loss)], [.. rows.Select(row => row.Tokens.Sum())]), lossColumnName, tokenCountColumnName);
    }

    private EvaluatedColumns Columns(IDataView data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new EvaluatedColumns(data.Schema, _context);
    }
}

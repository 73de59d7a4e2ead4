using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.Tests.Interop;

public sealed class ColumnRequirementsTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly IHost _host;
    private readonly DataViewSchema _schema;
    private readonly SchemaShape _shape;

    public ColumnRequirementsTests()
    {
        _host = ((IHostEnvironment)_context).Register("test");
        _schema = TextRows.View(_context, 1).Schema;
        _shape = Shapes.Of(_schema);
    }

    [Fact]
    public void A_column_that_fits_is_given()
    {
        Assert.Equal(_schema["Text"].Index, _schema.RequireText(_host, "text", "Text").Index);
        Assert.Equal(_schema["Group"].Index, _schema.RequireKey(_host, "label", "Group").Index);
        Assert.Equal("Group", _shape.RequireKey(_host, "label", "Group").Name);
        _shape.RequireText(_host, "text", "Text");
    }

    [Fact]
    public void A_missing_column_is_named_with_its_role()
    {
        Refused(() => _schema.RequireText(_host, "text", "Nowhere"), "text", "'Nowhere'");
        Refused(() => _schema.RequireKey(_host, "label", "Nowhere"), "label", "'Nowhere'");
        Refused(() => _shape.RequireText(_host, "text", "Nowhere"), "text", "'Nowhere'");
        Refused(() => _shape.RequireKey(_host, "label", "Nowhere"), "label", "'Nowhere'");
    }

    [Fact]
    public void A_column_of_another_type_is_named_with_what_was_found_and_expected()
    {
        Refused(() => _schema.RequireText(_host, "text", "Features"), "text", "'Features'", "String", "Vector<Single, 3>");
        Refused(() => _shape.RequireText(_host, "text", "Features"), "text", "'Features'", "String", "Vector<Single>");
        Refused(() => _schema.RequireText(_host, "text", "Number"), "text", "'Number'", "String", "Int32");
        Refused(() => _shape.RequireText(_host, "text", "Number"), "text", "'Number'", "String", "Int32");
        Refused(() => _schema.RequireKey(_host, "label", "Label"), "label", "'Label'", "MapValueToKey", "String");
        Refused(() => _shape.RequireKey(_host, "label", "Label"), "label", "'Label'", "MapValueToKey", "String");
    }

    [Fact]
    public void A_vector_of_texts_or_keys_is_refused()
    {
        IDataView view = _context.Transforms.Text.TokenizeIntoWords("Words", "Text")
            .Append(_context.Transforms.Conversion.MapValueToKey("Keys", "Words"))
            .Fit(TextRows.View(_context, 3)).Transform(TextRows.View(_context, 3));
        SchemaShape shape = Shapes.Of(view.Schema);
        Refused(() => view.Schema.RequireText(_host, "text", "Words"), "'Words'", "Vector<String");
        Refused(() => shape.RequireText(_host, "text", "Words"), "'Words'", "Vector<String");
        Refused(() => view.Schema.RequireKey(_host, "label", "Keys"), "'Keys'", "Vector<Key");
        Refused(() => shape.RequireKey(_host, "label", "Keys"), "'Keys'");
    }

    private static void Refused(Action action, params string[] parts)
    {
        string message = Assert.ThrowsAny<ArgumentException>(action).Message;
        Assert.All(parts, part => Assert.Contains(part, message));
    }
}

"""Forms that share their fields."""

from django import forms

from shenzhen_gov.core.form_fields import shared_fields


@shared_fields
class Name(forms.Form):
    name = forms.CharField()


class Longer(Name):
    age = forms.IntegerField()


class TestSharedFields:
    def test_are_the_same_for_every_instance_of_the_form(self):
        assert Name().fields["name"] is Name().fields["name"]

    def test_may_be_left_out_by_one_instance_alone(self):
        one = Name()
        del one.fields["name"]
        assert list(Name().fields) == ["name"]

    def test_keep_what_was_sent_apart(self):
        good, bad = Name({"name": "x"}), Name({"name": ""})
        assert (good.is_valid(), bad.is_valid(), good.cleaned_data) == (True, False, {"name": "x"})
        assert not good.errors

    def test_are_copied_by_a_form_made_from_it(self):
        assert Longer().fields["name"] is not Longer().fields["name"]
